// Package aimocktest runs aimock, a third party's mock of OpenAI's services
// (npm @copilotkit/aimock, pinned in .ci/aimock), for tests: what our stages say to it
// is judged by somebody else's reading of the protocol.
//
// In: fixtures, which say what is answered to what. Out: the base URL of a server on a
// free port of the loopback, which ends with the test. It needs node 20.15 or later,
// npm, and once the npm registry; without them the test fails and says so.
//
// It imports engine/npmtest, which installs it; tests alone import it.
package aimocktest
