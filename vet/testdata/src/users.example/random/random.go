package random

import (
	crand "crypto/rand"
	"hash/maphash"
	"math/rand"
	randv2 "math/rand/v2"

	"seedbed.example/sim"
)

func client(p *sim.Process) {
	_ = rand.Intn(6)                   // want `rand.Intn draws randomness that no seed decides.*use Rand of the Env or Process`
	rand.Shuffle(2, func(i, j int) {}) // want `rand.Shuffle`
	_ = randv2.IntN(6)                 // want `rand.IntN`
	_ = randv2.N(6)                    // want `rand.N `
	_, _ = crand.Read(make([]byte, 8)) // want `rand.Read`
	_ = crand.Reader                   // want `rand.Reader`
	_ = maphash.MakeSeed()             // want `maphash.MakeSeed`

	_ = p.Rand("what").N(6)
	own := rand.New(rand.NewSource(42))
	_ = own.Intn(6)
	_ = randv2.New(randv2.NewPCG(1, 2)).IntN(6)
}
