//go:build !linux

package main

// thrifty is for Linux's C library.
func thrifty() {}
