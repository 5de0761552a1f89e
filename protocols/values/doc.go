// Package values is the state of a key-value store: a value at each key. It
// carries out what clients ask for, and goes through the bytes of a snapshot or
// a message. The stores on Raft and on primary and backups are made of it.
package values
