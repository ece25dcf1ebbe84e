"""The sockets of agents and of dashboards."""
