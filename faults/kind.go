package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// A Kind is one kind of fault, as a plan file names it.
type Kind struct {
	ID         string      `json:"id"`
	Family     string      `json:"family"`    // what it strikes: links, machines, clocks or disks
	Summary    string      `json:"summary"`   // what it does
	StandsFor  string      `json:"standsFor"` // the real events that it stands for
	Parameters []Parameter `json:"parameters"`
	sample     Fault
}

// Kinds returns every kind of fault there is.
func Kinds() []Kind { return slices.Clone(kinds) }

var kinds = []Kind{
	kind("links", "partition", "groups of nodes that cannot reach each other", "a failed switch between racks, a cut between data centres", Partition{}),
	kind("links", "isolate", "one node cut off from all others, both ways", "an unplugged cable, a switch port that reboots", Isolate{}),
	kind("links", "oneway", "messages pass in one direction only", "a bad optic, an asymmetric firewall rule", OneWay{}),
	kind("links", "bridge", "two groups that reach each other only through one node", "a node in two networks whose link has failed", Bridge{}),
	kind("links", "ring", "each node reaches only its two neighbours", "a fabric that has lost its spine", Ring{}),
	kind("links", "mute", "what a node sends of some kinds of message is lost, all else passes", "a firewall rule, a path that drops large packets", Mute{}),
	kind("links", "loss", "this share of messages is lost", "a congested or noisy link", Loss{}),
	kind("links", "duplicate", "this share of messages arrives twice", "a retransmission whose original was only late", Duplicate{}),
	kind("links", "corrupt", "this share of messages is damaged; they are dropped by a checksum, unless their protocol has none", "a bad cable, a network card that flips bits", Corrupt{}),
	kind("links", "reorder", "this share of messages is overtaken by later ones", "two paths of different length", Reorder{}),
	kind("links", "delay", "this share of messages is late by far more than the latency", "a queue that fills and drains", Delay{}),
	kind("links", "clog", "what one node sends another is held and then arrives all at once", "a stalled connection", Clog{}),
	kind("links", "bandwidth", "messages queue behind each other for lack of bytes per second", "a saturated link", Bandwidth{}),
	kind("links", "latency", "links have another model of latency than usual", "a detour through another region, a congested path", Latency{}),
	kind("links", "ordered", "messages on a link keep their order, and one that is late holds up those behind it", "one TCP connection in place of datagrams", Ordered{}),
	kind("machines", "crash", "nodes lose their memory, and their un-synced writes are at risk; they restart at the end", "a kill, a power cut", Crash{}),
	kind("machines", "crashloop", "a node crashes again and again, each time after it has run for a while", "a process that its supervisor restarts and the kernel kills for its memory", CrashLoop{}),
	kind("machines", "point", "nodes crash or pause when one of them has sent so many messages of a kind, or passed a point of its code so many times", "a kill in the very moment at which a promise is tested", Point{}),
	kind("machines", "pause", "a node stands still while time goes on and its inbox fills", "a long garbage collection, a stopped virtual machine", Pause{}),
	kind("machines", "slow", "each event costs a node time", "an overloaded or throttled machine", Slow{}),
	kind("machines", "buggify", "nodes take a rare alternative that their code offers", "a batch that happens to be small, a timer that happens to be early", Buggify{}),
	kind("clocks", "clockjump", "a node's wall clock jumps and later jumps back", "a bad NTP step", ClockJump{}),
	kind("clocks", "clockoffset", "a node boots with a wall clock that is wrong", "a flat battery, a clock that was never set", ClockOffset{}),
	kind("clocks", "clockdrift", "a node's clocks run fast or slow", "a bad crystal, a throttled virtual machine", ClockDrift{}),
	kind("clocks", "clockfreeze", "a node's wall clock stands still, then catches up", "a hung time service", ClockFreeze{}),
	kind("disks", "diskslow", "writes and syncs take longer", "a failing or contended device", DiskSlow{}),
	kind("disks", "syncfailure", "this share of syncs fails and drops its pages: no later sync makes them durable", "fsync's dropped pages after a lost path to the device", SyncFailure{}),
	kind("disks", "diskfull", "writes that grow a file fail", "a log that nobody has rotated", DiskFull{}),
	kind("disks", "bitrot", "this share of sectors read has one bit flipped, for good", "decay of the medium", BitRot{}),
	kind("disks", "unreadable", "this share of sectors read can't be read any more, until they are written anew", "a latent sector error", Unreadable{}),
	kind("disks", "misdirect", "a sector of this share of synced writes lands on another one of the file, which it overwrites: it shows after a crash", "a misdirected write of a buggy firmware", Misdirect{}),
	kind("disks", "powerloss", "crashes lose, tear or reorder un-synced writes, and lose un-synced names, at this rate", "a power cut, as opposed to a killed process", PowerLoss{}),
}

func kind(family, id, summary, standsFor string, sample Fault) Kind {
	return Kind{ID: id, Family: family, Summary: summary, StandsFor: standsFor, Parameters: parametersOf(sample), sample: sample}
}

// check says what of a fault of this kind cannot be in a world of that shape.
func (k *Kind) check(f Fault, s Shape) error {
	fields := reflect.ValueOf(f)
	for i := range k.Parameters {
		p := &k.Parameters[i]
		if err := p.check(fields.Field(p.field), s); err != nil {
			return err
		}
	}
	if whole, ok := f.(interface{ check(Shape) error }); ok {
		return whole.check(s)
	}
	return nil
}

// FindKind returns the kind of that name.
func FindKind(id string) (Kind, bool) {
	for _, k := range kinds {
		if k.ID == id {
			return k, true
		}
	}
	return Kind{}, false
}

// KindOf returns the name of a fault's kind.
func KindOf(f Fault) string {
	if i, ok := kindIndex[reflect.TypeOf(f)]; ok {
		return kinds[i].ID
	}
	return fmt.Sprintf("%T", f)
}

// kindIndex finds a kind by the type of its faults. It is only looked up.
var kindIndex = func() map[reflect.Type]int {
	index := make(map[reflect.Type]int)
	for i, k := range kinds {
		index[reflect.TypeOf(k.sample)] = i
	}
	return index
}()

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.ID)
	}
	return names
}

// decode reads the fields of a fault of this kind.
func (k Kind) decode(fields []byte) (Fault, error) {
	target := reflect.New(reflect.TypeOf(k.sample))
	decoder := json.NewDecoder(bytes.NewReader(fields))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target.Interface()); err != nil {
		return nil, err
	}
	return target.Elem().Interface().(Fault), nil
}
