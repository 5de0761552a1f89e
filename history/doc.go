// Package history holds what clients saw: operations with the times at which
// they were invoked and returned, and how they ended.
//
// A simulation appends to a [History] while it runs. Histories recorded by
// others are read by [Read]: Jepsen's etcd logs, the key-value logs of
// Porcupine, Jepsen histories in EDN, and JSON lines of our own; [Detect] tells
// them apart by their content.
//
// # JSON lines
//
// The first line names the format, its version, and if it is known the model
// that the history is to be judged by. Each further line is one event:
//
//	{"seedbed-history":1,"model":"kv"}
//	{"client":1,"at":1200000,"event":"invoke","f":"write","key":"x","value":"1"}
//	{"client":1,"at":3400000,"event":"ok"}
//	{"client":2,"at":3500000,"event":"invoke","f":"cas","key":"x","old":"1","value":"2"}
//	{"client":2,"at":9100000,"event":"unknown"}
//	{"client":3,"at":9200000,"event":"invoke","f":"read","key":"x"}
//	{"client":3,"at":9900000,"event":"ok","value":"2","found":true}
//
// client is a number; a client has one operation under way at a time. at is
// virtual time in nanoseconds, and never decreases; events at the same time
// happened in the order of their lines. event is invoke, ok (it took effect),
// fail (it certainly did not) or unknown (it may have, at any time since). f is
// read, write, append, cas or delete. In an ok, value is what was read, found
// whether there was anything, and applied whether a cas found the old value.
package history
