// Package faulty is a bad network for tests and measurements: a TCP proxy on the
// loopback that delays what passes, lets little of it pass, holds it back, or cuts it.
//
// In: connections, and what is to be wrong with them ([Conditions], [Proxy.Set],
// [Proxy.Drop]). Out: the same bytes in the same order, late, or fewer of them.
//
// TCP hides loss: who reads it sees what was lost late, and all that came after it,
// since order is kept. So loss is modelled as that: of each hundred pieces as many are
// held up, by the time after which a sender would have sent them again, and what
// follows waits behind them. Nothing is known here of packets.
//
// It imports nothing of ours. Tests of remote mode and cmd/parley's measurements of
// transports import it.
package faulty
