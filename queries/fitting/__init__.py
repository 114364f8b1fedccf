"""How a project fits a region: layout, inputs, needs, and the policies that apply."""
