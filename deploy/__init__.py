"""What makes the images and says what is in them."""
