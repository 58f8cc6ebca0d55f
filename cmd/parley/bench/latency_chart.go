package bench

func (r LatencyReport) chart() string { return "" }
