package openai

import (
	"context"
	"net/http"
	"slices"
)

// Models lists the models that a service has, by name (GET /models). key may be
// empty. Give ctx a limit: to find out whether a server is there at all, 300 ms on
// the loopback are plenty.
func Models(ctx context.Context, client *http.Client, baseURL, key string) ([]string, error) {
	s := Service{BaseURL: baseURL, Key: func() string { return key }, HTTP: client}
	if err := s.check(); err != nil {
		return nil, err
	}
	listed, err := s.client(&call{}).ListModels(ctx)
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	names := make([]string, 0, len(listed.Models))
	for _, m := range listed.Models {
		if m.ID != "" {
			names = append(names, m.ID)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
