"""Questions of investment promotion: whom to invite, how a project fits, how often such advice was right."""
