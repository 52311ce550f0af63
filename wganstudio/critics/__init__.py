"""Networks: critics, generators and transport maps."""
