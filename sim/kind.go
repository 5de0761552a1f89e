package sim

import (
	"reflect"
	"unsafe"
)

// kinds numbers the types of messages in the order of their first use. A
// type's name, without package or pointer, is the kind by which faults, traces
// and choices speak of it; types of one name are one kind.
type kinds struct {
	table []kindSlot // open addressing by the type's identity; a power of two long
	used  int
	all   []kind
}

type kind struct {
	name    string
	hash    uint64 // of the name: the same on every platform
	network int    // the network's number for it
}

type kindSlot struct {
	identity uintptr // 0 for a free slot
	kind     int
}

// identity returns a number for m's dynamic type, never 0: the first word of
// an interface value, which is even. Asking reflect each time would cost more
// than delivering the message. Where a type stands in the table depends on its
// address; nothing else does.
func identity(m Message) uintptr { return *(*uintptr)(unsafe.Pointer(&m)) | 1 }

// of returns the kind of m, and registers it with register at its first use.
func (k *kinds) of(m Message, register func(name string) int) int {
	if len(k.table) > 0 {
		if slot := k.find(identity(m)); slot.identity != 0 {
			return slot.kind
		}
	}
	number := k.named(kindName(m), register)
	if 2*k.used >= len(k.table) {
		k.grow()
	}
	*k.find(identity(m)) = kindSlot{identity(m), number}
	k.used++
	return number
}

// find returns the slot of a type, or the free one where it belongs.
func (k *kinds) find(identity uintptr) *kindSlot {
	mask := uintptr(len(k.table) - 1)
	for i := identity >> 5; ; i++ {
		if slot := &k.table[i&mask]; slot.identity == identity || slot.identity == 0 {
			return slot
		}
	}
}

func (k *kinds) grow() {
	old := k.table
	k.table = make([]kindSlot, max(64, 2*len(old)))
	for _, slot := range old {
		if slot.identity != 0 {
			*k.find(slot.identity) = slot
		}
	}
}

func (k *kinds) named(name string, register func(name string) int) int {
	for i := range k.all {
		if k.all[i].name == name {
			return i
		}
	}
	k.all = append(k.all, kind{name: name, hash: hashText(name), network: register(name)})
	return len(k.all) - 1
}

// Sends reports whether a message of that kind has been sent in this world.
func (w *World) Sends(kind string) bool {
	for i := range w.kinds.all {
		if w.kinds.all[i].name == kind {
			return true
		}
	}
	return false
}

func kindName(m Message) string {
	t := reflect.TypeOf(m)
	if t == nil {
		return "nil"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name := t.Name(); name != "" {
		return name
	}
	return t.String()
}
