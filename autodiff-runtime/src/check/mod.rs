//! Gradient checking for tests.
