// Package simtest puts simulated clusters into go test.
//
// A property over a thousand seeds takes three lines and a function that builds
// a world:
//
//	func TestRegister(t *testing.T) { simtest.Run(t, simtest.Seeds(1000), registerWorld) }
//
//	func registerWorld(w *sim.World) experiment.Setup {
//		server := w.AddNode("server", func() sim.Node { return &Register{} })
//		...
//		return experiment.Setup{Nodes: []sim.NodeID{server}, Clients: clients, Check: experiment.Linearizable(w, "register")}
//	}
//
// [Run] looks at seeds, on all cores. [Rapid] lets rapid draw the choices of a
// world, a plan of faults ([Plan]) and what else a property asks for, such as the
// actions of a state machine, and shrinks them. [Fuzz] makes choices and plan of
// the bytes of go test -fuzz, guided by coverage. [SameRun] shows where two runs
// of one seed part.
//
// # A failure
//
// The seed that fails becomes a sub-test. It says in less than 40 lines what was
// broken, what had gone wrong in the world, what clients did last, and with which
// line to run it again; and it is saved beside the test:
//
//	testdata/seedbed/TestRegister/linearizability-42-3e08946b.repro.json
//
// Whatever is there runs first, each file as a sub-test, and fails as long as its
// run breaks any promise. Seeds are looked at again when all of it holds. These
// files belong into version control: they keep the plan, and which choice has
// which answer, and so outlive changes of the code that make another run of
// the seed. The command seedbed replay FILE runs one of them, or an input under
// testdata/fuzz.
//
// A test also fails, after a hundred runs or more, if a situation that its code
// asks about with Sometimes never came up, or a kind of fault that plans might
// hold never struck: it tests less than it seems to.
//
// # Flags and environment
//
//	-short                   a tenth of the seeds, but at least ten
//	-v                       how far a long test is, every few seconds, and what it came to
//	SEEDBED_SEED=42          this one seed, recorded; with -v its whole trace
//	SEEDBED_SEEDS=100000     so many seeds, in place of what the test says
//	SEEDBED_FOR=10m          as many seeds as there is real time for; with -timeout 0, if that is longer than a test may take
//	SEEDBED_TRACE=FILE       the trace of the failing run that is told, as text
//	SEEDBED_DOCTOR=100       no hunt: so many seeds again and again, to see that each is one run, and if not, why
//	SEEDBED_DOCTOR_OUT=FILE  what those runs came to, a line "seedbed-doctor SEED HASH TEST" each, added
//	                         to FILE, to be compared with another machine's
//
// Variables are for [Run]. [Rapid] has the flags of rapid, such as -rapid.checks
// and -rapid.seed, and keeps what fails under testdata/rapid; [Fuzz] has those of
// go test -fuzz.
package simtest
