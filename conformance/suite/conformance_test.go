// Runs the official Gateway API conformance suite, unmodified: everything it does is chosen by its
// own flags (see conformance/run/suite-process.ts).
package suite

import (
	"testing"

	"sigs.k8s.io/gateway-api/conformance"
)

func TestConformance(t *testing.T) {
	conformance.RunConformance(t)
}
