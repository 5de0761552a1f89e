package storage

import (
	"io"
	"maps"
	"slices"
	"time"

	"seedbed.example/choice"
)

// A Host is the machine that a disk is in.
type Host interface {
	// Spend blocks the caller for d of virtual time, which may be 0. When the
	// machine crashes meanwhile it does not return.
	Spend(d time.Duration)
}

// Simulated is a [Disk] whose behaviour is decided by choices. It is not safe
// for concurrent use.
type Simulated struct {
	source     choice.Source
	owner      string
	host       Host
	conditions Conditions
	observe    func(op, file string, bytes int, err error)

	names    map[string]*inode
	unsynced []nameChange // changes of names that are not durable, in order
	life     int          // counts crashes: a file opened before one is of no use after it
	subjects map[string]*subject
	dir      *subject // of the directory's own choices
}

// New returns an empty disk in host. Owner names it in the keys of its
// choices: "node 2".
func New(source choice.Source, owner string, host Host) *Simulated {
	d := &Simulated{
		source: source, owner: owner, host: host,
		names: make(map[string]*inode), subjects: make(map[string]*subject),
	}
	d.dir = d.subject("directory")
	return d
}

// SetConditions says how the disk behaves from now on.
func (d *Simulated) SetConditions(c Conditions) { d.conditions = c }

// Observe lets f see every operation after it has ended, and what befalls the
// bytes: "lose" and "tear" of a write at a crash, "rot" of a bit, "misdirect"
// of a sector. Nil ends that.
func (d *Simulated) Observe(f func(op, file string, bytes int, err error)) { d.observe = f }

// An inode is a file's content, whatever its name.
type inode struct {
	data    []byte          // as the node sees it
	pending []unsyncedWrite // what of it is not durable, in order
	old     []byte          // the bytes that pending writes replaced, one after another
	bad     []int           // sectors that can't be read
	astray  []misplaced     // sectors of which the medium holds something else than the cache shows
}

// subject carries the choices about one file name.
type subject struct {
	latency, sync, rot, bit, crash, sector, unreadable, misdirect, astray choice.Stream
}

func (d *Simulated) subject(file string) *subject {
	if s := d.subjects[file]; s != nil {
		return s
	}
	about := d.owner + " " + file
	stream := func(domain string) choice.Stream { return *choice.NewStream(d.source, domain, about) }
	s := &subject{
		latency: stream("disk latency"), sync: stream("disk sync failure"),
		rot: stream("disk bit rot"), bit: stream("disk rotten bit"),
		crash: stream("disk crash"), sector: stream("disk torn sector"),
		unreadable: stream("disk unreadable sector"), misdirect: stream("disk misdirected write"), astray: stream("disk misdirected sector"),
	}
	d.subjects[file] = s
	return s
}

// spend takes the time of one operation.
func (d *Simulated) spend(s *subject, l Latency) {
	took := l.Least
	if l.Extra > 0 {
		took += s.latency.Between(0, l.Extra)
	}
	d.host.Spend(took)
}

func (d *Simulated) report(op, file string, bytes int, err error) {
	if d.observe != nil {
		d.observe(op, file, bytes, err)
	}
}

// Create implements [Disk].
func (d *Simulated) Create(name string) (File, error) {
	s := d.subject(name)
	d.spend(s, d.conditions.WriteLatency)
	node := d.names[name]
	var err error
	switch {
	case node != nil:
		node.truncate(0)
	case d.conditions.Full:
		err = ErrFull
	default:
		node = &inode{}
		d.rename(nameChange{to: name, node: node})
	}
	d.report("create", name, 0, err)
	if err != nil {
		return nil, err
	}
	return d.handle(name, node, s), nil
}

// Open implements [Disk].
func (d *Simulated) Open(name string) (File, error) {
	node := d.names[name]
	if node == nil {
		d.report("open", name, 0, ErrNotExist)
		return nil, ErrNotExist
	}
	d.report("open", name, 0, nil)
	return d.handle(name, node, d.subject(name)), nil
}

func (d *Simulated) handle(name string, node *inode, s *subject) *file {
	return &file{disk: d, name: name, node: node, subject: s, life: d.life}
}

// Rename implements [Disk].
func (d *Simulated) Rename(from, to string) error {
	d.spend(d.dir, d.conditions.WriteLatency)
	node := d.names[from]
	err := ErrNotExist
	if node != nil {
		err = nil
		d.rename(nameChange{from: from, to: to, node: node, replaced: d.names[to]})
	}
	d.report("rename", from+" to "+to, 0, err)
	return err
}

// Remove implements [Disk].
func (d *Simulated) Remove(name string) error {
	d.spend(d.dir, d.conditions.WriteLatency)
	node := d.names[name]
	err := ErrNotExist
	if node != nil {
		err = nil
		d.rename(nameChange{from: name, node: node})
	}
	d.report("remove", name, 0, err)
	return err
}

// List implements [Disk].
func (d *Simulated) List() ([]string, error) { return slices.Sorted(maps.Keys(d.names)), nil }

// SyncDir implements [Disk].
func (d *Simulated) SyncDir() error {
	d.spend(d.dir, d.conditions.SyncLatency)
	var err error
	if d.dir.sync.Strikes(d.conditions.SyncFailure) {
		err = ErrIO
	} else {
		d.unsynced = d.unsynced[:0]
	}
	d.report("sync", "directory", 0, err)
	return err
}

// A file is an open file.
type file struct {
	disk    *Simulated
	name    string
	node    *inode
	subject *subject
	life    int
}

func (f *file) dead() bool { return f.life != f.disk.life }

// Write implements [File].
func (f *file) Write(p []byte) (int, error) { return f.WriteAt(p, int64(len(f.node.data))) }

// WriteAt implements [File].
func (f *file) WriteAt(p []byte, offset int64) (int, error) {
	d := f.disk
	if f.dead() {
		return 0, ErrCrashed
	}
	d.spend(f.subject, d.conditions.WriteLatency)
	if d.conditions.Full && offset+int64(len(p)) > int64(len(f.node.data)) {
		d.report("write", f.name, len(p), ErrFull)
		return 0, ErrFull
	}
	f.node.write(p, int(offset))
	d.report("write", f.name, len(p), nil)
	return len(p), nil
}

// ReadAt implements [File].
func (f *file) ReadAt(p []byte, offset int64) (int, error) {
	d := f.disk
	if f.dead() {
		return 0, ErrCrashed
	}
	d.spend(f.subject, d.conditions.ReadLatency)
	if offset >= int64(len(f.node.data)) {
		d.report("read", f.name, 0, io.EOF)
		return 0, io.EOF
	}
	end := min(int(offset)+len(p), len(f.node.data))
	if !f.readable(int(offset), end) {
		d.report("read", f.name, 0, ErrIO)
		return 0, ErrIO
	}
	f.rot(int(offset), end)
	n := copy(p, f.node.data[offset:])
	d.report("read", f.name, n, nil)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Truncate implements [File].
func (f *file) Truncate(size int64) error {
	d := f.disk
	if f.dead() {
		return ErrCrashed
	}
	d.spend(f.subject, d.conditions.WriteLatency)
	if d.conditions.Full && size > int64(len(f.node.data)) {
		d.report("truncate", f.name, int(size), ErrFull)
		return ErrFull
	}
	f.node.truncate(int(size))
	d.report("truncate", f.name, int(size), nil)
	return nil
}

// Size implements [File].
func (f *file) Size() (int64, error) {
	if f.dead() {
		return 0, ErrCrashed
	}
	return int64(len(f.node.data)), nil
}

// Sync implements [File].
func (f *file) Sync() error {
	d := f.disk
	if f.dead() {
		return ErrCrashed
	}
	d.spend(f.subject, d.conditions.SyncLatency)
	var err error
	if f.subject.sync.Strikes(d.conditions.SyncFailure) {
		err = ErrIO
		f.node.drop()
	} else {
		f.misdirect()
		f.node.synced()
	}
	d.report("sync", f.name, 0, err)
	return err
}
