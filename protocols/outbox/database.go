package outbox

import (
	"encoding/json"
	"fmt"
	"slices"

	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A State is what a service keeps. The database knows nothing of what it means.
type State interface {
	// Apply carries out a change that was committed, and would at every boot
	// do so again. An error says that the change makes no sense.
	Apply(change string) error
	// Snapshot returns all of it, and Restore replaces all of it by that.
	Snapshot() string
	Restore(snapshot string) error
}

// A Host is what a database needs of the server that it belongs to: a
// [sim.Env], or a [sim.Process].
type Host interface {
	ID() sim.NodeID
	Disk() storage.Disk
	Point(name string)
	Buggify(alternative string) bool
	Sometimes(situation string, ok bool)
	Log(format string, args ...any)
	Halt(reason error)
}

// A Transaction is what a service does in one atomic step: all of it is durable,
// or nothing is.
type Transaction struct {
	Cause    *ID     // the message whose effect this is, nil if none is
	Change   string  // of the state, "" if there is none
	Messages []Draft // to send
}

// A Draft is a message that has no sequence yet.
type Draft struct{ Topic, Body string }

// A Record is one of a database's log.
type Record struct {
	Base   *base     `json:"base,omitempty"`   // all that was before
	Cause  *ID       `json:"cause,omitempty"`  // into the inbox
	Change string    `json:"change,omitempty"` // of the state
	Rows   []Message `json:"rows,omitempty"`   // into the outbox
	Sent   *ID       `json:"sent,omitempty"`   // out of the outbox
}

// A base is a database at one moment.
type base struct {
	State string    `json:"state"`
	Inbox inbox     `json:"inbox"`
	Rows  []Message `json:"rows"`
	Last  []ID      `json:"last"`
}

// A Database is a service's state, its outbox and its inbox, on the service's
// disk.
type Database struct {
	host  Host
	rules *Rules
	state State
	log   *wal.Log

	inbox    inbox
	rows     []Message // the outbox: not yet sent, in order
	last     []ID      // of each topic, what was written last
	records  int       // in the log
	compacts int       // at so many
	written  func()    // is called when there are new rows, if it is not nil
}

// logName is the database's only file.
const logName = "database"

// OpenDatabase opens the database of a server at its boot, and brings state, which
// must be fresh, to where it was. It writes its log anew every so many records, 64
// if compacts is 0. A disk that fails, then or later, ends the server.
func OpenDatabase(host Host, state State, rules *Rules, compacts int) *Database {
	if compacts == 0 {
		compacts = 64
	}
	d := &Database{host: host, rules: rules, state: state, compacts: compacts}
	log, payloads, err := wal.Open(host.Disk(), logName)
	if err != nil {
		host.Halt(err)
	}
	d.log, d.records = log, len(payloads)
	for i, payload := range payloads {
		var r Record
		if err := json.Unmarshal(payload, &r); err != nil {
			host.Halt(fmt.Errorf("record %d: %w", i+1, err))
		}
		d.take(r)
	}
	return d
}

// Commit carries a transaction out. When it returns, the transaction is durable.
func (d *Database) Commit(tx Transaction) {
	r := Record{Cause: tx.Cause, Change: tx.Change, Rows: d.number(tx.Messages)}
	if !d.rules.CommitFirst() {
		d.offer(r.Rows)
	}
	for _, record := range d.rules.Records(r) {
		d.append(record)
		d.host.Point(transactionWritten)
		d.must(d.log.Sync())
		d.host.Point(transactionSynced)
	}
	rows := r.Rows
	r.Rows = nil
	d.take(r)
	if d.rules.CommitFirst() {
		d.offer(rows)
	}
	d.compact()
}

// Seen reports whether a message has had its effect.
func (d *Database) Seen(id ID) bool {
	seen := d.inbox.has(id)
	d.host.Sometimes("a message arrives again", seen)
	return seen
}

// Next returns the message that is to be sent next, and whether there is one.
func (d *Database) Next() (Message, bool) {
	if len(d.rows) == 0 {
		return Message{}, false
	}
	return d.rows[0], true
}

// Sent takes a message out of the outbox, if it is the next. That need not be
// durable: after a crash it is sent again, which it may be at any time.
func (d *Database) Sent(id ID) {
	if len(d.rows) > 0 && d.rows[0].ID == id {
		r := Record{Sent: &id}
		d.append(r)
		d.take(r)
		d.compact()
	}
}

// Unsent returns how many messages the outbox holds.
func (d *Database) Unsent() int { return len(d.rows) }

// number gives messages their sequences.
func (d *Database) number(drafts []Draft) []Message {
	rows := make([]Message, len(drafts))
	for i, draft := range drafts {
		id := ID{Topic: draft.Topic, Source: d.host.ID(), Sequence: 1}
		if j := d.lastOf(draft.Topic); j >= 0 {
			id.Sequence += d.last[j].Sequence
		}
		for _, before := range rows[:i] {
			if before.Topic == draft.Topic {
				id.Sequence++
			}
		}
		rows[i] = Message{id, draft.Body}
	}
	return rows
}

// lastOf returns where the last message of a topic stands, -1 if there is none.
func (d *Database) lastOf(topic string) int {
	return slices.IndexFunc(d.last, func(id ID) bool { return id.Topic == topic })
}

// take brings what is in memory to where it is after a record.
func (d *Database) take(r Record) {
	if b := r.Base; b != nil {
		d.must(d.state.Restore(b.State))
		d.inbox, d.rows, d.last = b.Inbox, b.Rows, b.Last
	}
	if r.Cause != nil {
		d.inbox.add(*r.Cause, d.rules.Prune)
	}
	if r.Change != "" {
		d.must(d.state.Apply(r.Change))
	}
	d.put(r.Rows)
	if r.Sent != nil && len(d.rows) > 0 && d.rows[0].ID == *r.Sent {
		d.rows = d.rows[1:]
	}
}

// put adds rows to the outbox.
func (d *Database) put(rows []Message) {
	for _, row := range rows {
		d.rows = append(d.rows, row)
		if i := d.lastOf(row.Topic); i >= 0 {
			d.last[i] = row.ID
		} else {
			d.last = append(d.last, row.ID)
		}
	}
}

// offer adds rows to the outbox, and says so.
func (d *Database) offer(rows []Message) {
	d.put(rows)
	if len(rows) > 0 && d.written != nil {
		d.written()
	}
}

// append hands a record to the disk.
func (d *Database) append(r Record) {
	d.record(r)
	d.must(d.log.Write())
}

// record adds a record to the log.
func (d *Database) record(r Record) {
	payload, err := json.Marshal(r)
	d.must(err)
	d.log.Append(payload)
	d.records++
}

// compact starts a new log if the old one has grown long.
func (d *Database) compact() {
	if d.records < d.compacts && !d.host.Buggify(compactEarly) {
		return
	}
	d.records = 0
	d.must(d.log.Replace(func() { d.record(Record{Base: &base{d.state.Snapshot(), d.inbox, d.rows, d.last}}) }))
}

func (d *Database) must(err error) {
	if err != nil {
		d.host.Halt(err)
	}
}
