package statemachine

// A StateMachine is what a cluster replicates.
//
//seedbed:simulated
type StateMachine interface {
	Apply(command string) string
}

type Transport interface {
	Send(m string)
}
