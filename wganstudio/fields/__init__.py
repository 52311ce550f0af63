"""What the views show on a plane: u, |grad u|, sigma."""
