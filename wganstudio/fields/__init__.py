"""Fields on a plane of the space: u, |grad u|, sigma."""
