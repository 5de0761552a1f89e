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
	ID      string `json:"id"`
	Summary string `json:"summary"`
	sample  Fault
}

// Kinds returns every kind of fault there is.
func Kinds() []Kind { return slices.Clone(kinds) }

var kinds = []Kind{
	{"partition", "groups of nodes that cannot reach each other: a failed switch between racks", Partition{}},
	{"isolate", "one node cut off from all others, both ways: an unplugged cable", Isolate{}},
	{"oneway", "messages pass in one direction only: a bad optic, an asymmetric firewall rule", OneWay{}},
	{"bridge", "two groups that reach each other only through one node", Bridge{}},
	{"ring", "each node reaches only its two neighbours", Ring{}},
	{"mute", "what a node sends of some kinds of message is lost, all else passes: a firewall rule, a path that drops large packets", Mute{}},
	{"loss", "this share of messages is lost: a congested or noisy link", Loss{}},
	{"duplicate", "this share of messages arrives twice: a retransmission whose original was only late", Duplicate{}},
	{"reorder", "this share of messages is overtaken by later ones: two paths of different length", Reorder{}},
	{"delay", "this share of messages is late by far more than the latency: a queue that fills and drains", Delay{}},
	{"clog", "what one node sends another is held and then arrives all at once: a stalled connection", Clog{}},
	{"bandwidth", "messages queue behind each other for lack of bytes per second: a saturated link", Bandwidth{}},
	{"crash", "nodes lose their memory, and their un-synced writes are at risk; they restart at the end: a kill, a power cut", Crash{}},
	{"point", "nodes crash or pause right after one of them has sent so many messages of a kind: the moment at which a promise is tested", Point{}},
	{"pause", "a node stands still while time goes on and its inbox fills: a long garbage collection, a stopped virtual machine", Pause{}},
	{"slow", "each event costs a node time: an overloaded or throttled machine", Slow{}},
	{"clockjump", "a node's wall clock jumps and later jumps back: a bad NTP step", ClockJump{}},
	{"clockdrift", "a node's clocks run fast or slow: a bad crystal", ClockDrift{}},
	{"clockfreeze", "a node's wall clock stands still, then catches up: a hung time service", ClockFreeze{}},
	{"diskslow", "disk operations take longer: a failing or contended device", DiskSlow{}},
	{"syncfailure", "this share of syncs fails and drops its pages: a lost path to the device", SyncFailure{}},
	{"diskfull", "writes that grow a file fail", DiskFull{}},
	{"bitrot", "this share of sector reads finds one bit flipped for good", BitRot{}},
	{"powerloss", "crashes lose, tear or reorder un-synced writes at this rate", PowerLoss{}},
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
