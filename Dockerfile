# The service without its database; docker-compose.yml puts Neo4j beside it.
FROM python:3.11-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/rechain
WORKDIR /src
# Pinned libraries first: this layer stays while only our own code changes.
COPY requirements.txt ./
RUN /opt/rechain/bin/pip install -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY graph/ graph/
COPY loaders/ loaders/
COPY queries/ queries/
COPY reports/ reports/
COPY api/ api/
COPY cli/ cli/
COPY data/ data/
RUN pip wheel --no-deps --wheel-dir /wheels . && /opt/rechain/bin/pip install --no-deps /wheels/rechain-*.whl

FROM python:3.11-slim
# What PDF reports are set in.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/rechain rechain
COPY --from=builder /opt/rechain /opt/rechain
ENV PATH=/opt/rechain/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RECHAIN_STORE=sqlite:/var/lib/rechain/rechain.db
USER rechain
WORKDIR /var/lib/rechain
VOLUME /var/lib/rechain
EXPOSE 8000
# No proxy, whatever the environment says: the question is to ourselves. Any status but 2xx raises.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["rechain", "serve", "--host", "0.0.0.0", "--allow-remote"]
