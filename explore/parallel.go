package explore

import "sync"

// parallel calls do with each number below n, all at a time.
func parallel(n int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	var working sync.WaitGroup
	for i := range n {
		working.Go(func() { do(i) })
	}
	working.Wait()
}
