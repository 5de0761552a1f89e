package chain

import (
	"seedbed.example/sim"
	"users.example/store"
)

type node struct{ store *store.Store }

func (n *node) Start(env sim.Env) {
	n.store.Load()    // want `time.Now goes by the machine's clock.*\(via store.Store.Load, store.Store.read, at store/store.go:15\)`
	store.Open("wal") // want `os.Open reaches out`
}

func (n *node) Receive(from sim.NodeID, m sim.Message) {
	n.pick(m.(map[string]int))
	_ = store.Keys(nil)
	_ = store.Stamp()
	n.store.Put("a", "b")
	//seedbed:allow at boot the file is the same for all seeds
	store.Open("table")
}

func (n *node) pick(m map[string]int) {
	_ = store.Any(m) // want `a range over a map.*\(via store.Any, at store/store.go:20\); reached from chain.node.Receive`
	n.put(m)
}

func (n *node) put(m map[string]int) {
	sum := 0
	for range m {
		sum += n.store.Len()
	}
	for k := range m { // want `n.store.Put changes the same thing in every round`
		n.store.Put(k, "")
	}
}

func driver() { store.Open("report") }
