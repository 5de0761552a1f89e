// Package history holds what clients saw: operations with the times at which
// they were invoked and returned, and how they ended.
//
// A simulation appends to a [History] while it runs. Histories that others have
// recorded are read by [Decode]: Jepsen's logs of etcd, Jepsen histories in
// EDN, the key-value logs of Porcupine, and JSON lines of our own, which
// [Encode] writes; [Detect] tells them apart by how they begin. All give the
// same [Input] and [Output], which package models understands. Jepsen's list
// and transaction workloads (:txn, :enqueue, :add) are left out.
//
// An operation ends in one of three ways. [OK]: it took effect, and this was
// the answer; a cas that found another value than it expected is OK too, and
// not Applied. [Failed]: it certainly never takes effect. [Unknown]: it may have
// taken effect at any time since its call, or may yet; so does what never
// returned.
//
// # JSON lines
//
// The first line names the format and its version, and may say which model the
// history is to be judged by, and how many events follow, so that a recording
// cut short is noticed. Each further line is one event:
//
//	{"seedbed-history":1,"model":"kv","events":6}
//	{"client":1,"at":1200000,"event":"invoke","f":"write","key":"x","value":"1"}
//	{"client":1,"at":3400000,"event":"ok"}
//	{"client":2,"at":3500000,"event":"invoke","f":"cas","key":"x","old":"1","value":"2"}
//	{"client":2,"at":9100000,"event":"unknown"}
//	{"client":3,"at":9200000,"event":"invoke","f":"read","key":"x"}
//	{"client":3,"at":9900000,"event":"ok","value":"2","found":true}
//
// client is a number; a client has one operation under way at a time, and may go
// on after one whose outcome it does not know. at is virtual time in nanoseconds,
// and never decreases; events at the same time happened in the order of their
// lines. event is invoke, ok (it took effect), fail (it certainly did not) or
// unknown (it may have, or may yet). A line has the fields that its event and its f
// need and no others, and at most [MaxLine] bytes:
//
//	f          invoke            ok
//	read                         found, and value if so
//	write      value
//	append     value
//	cas        old, value        applied
//	delete
//	propose    value             found, and value if so: what is decided
//	enqueue    value
//	dequeue                      found, and value if so
//	add        amount
//	deposit    to, amount
//	transfer   from, to, amount  applied
//
// Every invoke may have a key; it may be left out if there is only one. found
// says whether there was anything, applied whether it was done or refused. An
// amount is a whole number of 64 bits.
//
// # Other formats
//
// Jepsen's logs and EDN histories are of registers: :read, :write and :cas of
// numbers, or in EDN of anything without parts, which is kept as it is written:
// a string with its quotation marks. An EDN value is [KEY VALUE] if there are
// many registers; one register never holds a vector, so a vector that is read or
// written, or a cas of [KEY [OLD NEW]], can be nothing else. :info is Unknown.
// :fail is Failed, but in the log a :cas that fails with its two values has found
// another one, and is OK and not Applied. An :ok repeats the values of its call.
// The order of lines is the order of events, whatever times a recording has;
// where it has none, all are zero.
package history
