package audiotest

import "testing"

// attempts is how often [Attempt] makes an experiment.
const attempts = 3

// Attempt makes an experiment on real sound, and makes it again where it went
// wrong: a machine that is shared stops now and then for some tenths of a second, and
// spoils what falls into them. So this shows what the program does wrong always, not
// what it does wrong now and then.
func Attempt(t testing.TB, experiment func() error) {
	t.Helper()
	var err error
	for i := range attempts {
		if err = experiment(); err == nil {
			return
		}
		t.Logf("attempt %d: %v", i+1, err)
	}
	t.Errorf("wrong in %d attempts, the last time: %v", attempts, err)
}
