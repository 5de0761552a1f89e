package sim

import "strconv"

// A NodeID is the address of a node or process: its number, counted from 1 in
// the order of creation, and a port. Port 0 is the node itself; a process's
// [Process.Call] uses a fresh port each time, so that a reply sent to where the
// request came from finds that call and no other.
type NodeID uint64

const nodeBits = 16

// Node returns the address without its port.
func (id NodeID) Node() NodeID { return id & (1<<nodeBits - 1) }

// Port returns the port, 0 for the node itself.
func (id NodeID) Port() uint64 { return uint64(id >> nodeBits) }

// String returns the node's number, and its port after a colon if it has one.
func (id NodeID) String() string {
	if id.Port() == 0 {
		return strconv.FormatUint(uint64(id), 10)
	}
	return strconv.FormatUint(uint64(id.Node()), 10) + ":" + strconv.FormatUint(id.Port(), 10)
}

func (id NodeID) withPort(port uint64) NodeID { return id.Node() | NodeID(port<<nodeBits) }
