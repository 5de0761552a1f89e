// Package encoding is how what a protocol keeps on its disk lies in bytes:
// numbers as varints, and texts and byte strings with their length before them,
// one value behind the other. What they mean is the protocol's affair; that they
// are the bytes that were written, package wal's.
package encoding
