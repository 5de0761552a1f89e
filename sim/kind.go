package sim

import (
	"reflect"
	"unsafe"
)

// kinds numbers the types of messages in the order of their first use. A
// type's name, without package or pointer, is the kind by which faults, traces
// and choices speak of it.
type kinds struct {
	table [64]kindSlot // open addressing by the type's identity
	all   []kind
}

type kind struct {
	name    string
	hash    uint64 // of the name: the same on every platform
	network int    // the network's number for it
}

type kindSlot struct {
	typeWord uintptr
	kind     int
}

// typeWord returns the identity of m's dynamic type: the first word of an
// interface value. Asking reflect each time would cost more than delivering
// the message.
func typeWord(m Message) uintptr { return *(*uintptr)(unsafe.Pointer(&m)) }

// of returns the kind of m, and registers it with register at its first use.
func (k *kinds) of(m Message, register func(name string) int) int {
	word := typeWord(m)
	for i := (word >> 5) % uintptr(len(k.table)); ; i = (i + 1) % uintptr(len(k.table)) {
		switch k.table[i].typeWord {
		case word:
			return k.table[i].kind
		case 0:
			if len(k.all) >= len(k.table)*3/4 {
				return k.ofRare(m, register)
			}
			k.table[i] = kindSlot{word, k.named(kindName(m), register)}
			return k.table[i].kind
		}
	}
}

// ofRare serves the types beyond what the table holds.
func (k *kinds) ofRare(m Message, register func(name string) int) int {
	return k.named(kindName(m), register)
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
