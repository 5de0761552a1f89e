// Package kv is a key-value store on Raft: the state machine, and a client
// that finds the leader, retries, and keeps a session so that what it retries
// takes effect once.
package kv
