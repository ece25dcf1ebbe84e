"""What the tests share: private servers, a venue with people, clients of both sockets."""
