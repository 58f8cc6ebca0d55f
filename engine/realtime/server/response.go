package server

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// response is an answer being given, or about to be.
type response struct {
	// Fixed.
	id        string
	beside    bool // out of band: no part of the conversation
	input     []*item
	hasInput  bool // it answers input, not the conversation
	mode      string
	out       protocol.AudioOutput
	told      string // instructions
	tools     []protocol.Tool
	choice    protocol.ToolChoice
	maxTokens int // 0: no limit
	metadata  map[string]string
	effects   *effects
	asks      bool          // the client is to allow its effects
	released  chan struct{} // closed when what was prepared is given; nil: it was not prepared

	// Of the loop.
	begun   bool // the stages work
	held    bool // what comes of it waits in later
	later   []func()
	failed  bool // while it was held
	done    bool
	ctx     context.Context //nolint:containedctx // of the stages that work for it
	cancel  context.CancelFunc
	outputs []*item
	cur     *item // the message being said
	text    strings.Builder
	sounded bool
	used    usage
	turnEnd time.Time // of the user's turn, or when it was asked for
	times   protocol.Metrics
}

// usage counts what a response has cost.
type usage struct {
	inText, inSound, outText int
	outSound                 time.Duration
}

// tokens estimates what a text counts: four bytes are about one.
func tokens(text string) int { return (len(text) + 3) / 4 }

// wire is what the protocol says of it: a token of the user's sound is 100 ms, of the
// assistant's 50.
func (u usage) wire() *protocol.Usage {
	sound := int(u.outSound / (50 * time.Millisecond))
	in, out := u.inText+u.inSound, u.outText+sound
	return &protocol.Usage{
		TotalTokens: in + out, InputTokens: in, OutputTokens: out,
		InputTokenDetails: &protocol.TokenDetail{TextTokens: u.inText, AudioTokens: u.inSound},
		OutputTokenDetail: &protocol.TokenDetail{TextTokens: u.outText, AudioTokens: sound},
	}
}

// active is the response of the conversation that is being given, or waits for the
// user's words; nil if there is none.
func (s *session) active() *response {
	for _, r := range s.responses {
		if !r.beside {
			return r
		}
	}
	return nil
}

// createResponse is response.create.
func (s *session) createResponse(e protocol.ClientEvent) {
	p := e.Response
	if p == nil {
		p = &protocol.ResponseParams{}
	}
	r, wrong := s.newResponse(*p)
	if wrong == nil {
		wrong = s.mayAnswer(r)
	}
	if wrong != nil {
		s.fail(e, wrong)
		return
	}
	if !s.mayWork() {
		s.busy(e)
		return
	}
	if !r.beside {
		s.owed = false // this is the answer
	}
	r.asks = e.Prepare && s.has(protocol.Speculation1)
	r.effects = newEffects(r.asks)
	s.install(r)
}

// mayAnswer says why a response cannot be given now; nil if it can.
func (s *session) mayAnswer(r *response) *protocol.Error {
	switch {
	case s.cfg.Type == typeTranscription:
		return invalid("type", "A transcription session gives no responses.")
	case s.draining:
		return &protocol.Error{Type: protocol.ServerFault, Code: codeDraining, Message: "The server is being restarted. Connect again."}
	case !r.beside && s.active() != nil:
		return &protocol.Error{
			Type: protocol.InvalidRequest, Code: protocol.CodeActiveResponse,
			Message: fmt.Sprintf("Conversation already has an active response in progress: %s. Wait until the response is finished before creating a new one.", s.active().id),
		}
	case r.beside && s.beside() >= s.limits.Beside:
		return &protocol.Error{
			Type: protocol.InvalidRequest, Code: protocol.CodeRateLimitExceeded,
			Message: fmt.Sprintf("There may be %d responses out of band at a time.", s.limits.Beside),
		}
	}
	return nil
}

// codeDraining is the code of what is refused because the server goes down.
const codeDraining = "server_restarting"

// beside counts the responses out of band.
func (s *session) beside() int {
	n := 0
	for _, r := range s.responses {
		if r.beside {
			n++
		}
	}
	return n
}

// metadataMost are how many entries a response's metadata may have.
const metadataMost = 16

// newResponse makes a response as a client asks for it; what is left out is as the
// session has it.
func (s *session) newResponse(p protocol.ResponseParams) (*response, *protocol.Error) {
	r := &response{
		id: newID("resp_"), beside: p.Conversation == "none", mode: s.cfg.OutputModalities[0], out: *s.cfg.Audio.Output,
		told: *s.cfg.Instructions, tools: s.cfg.Tools, choice: *s.cfg.ToolChoice, maxTokens: int(*s.cfg.MaxOutputTokens),
		metadata: maps.Clone(p.Metadata), hasInput: p.Input != nil,
		effects: newEffects(false),
	}
	if p.Conversation != "" && p.Conversation != "none" && p.Conversation != "auto" {
		return nil, invalid("response.conversation", `The conversation is "auto" or "none".`)
	}
	if len(p.OutputModalities) > 0 {
		if err := checkModalities(p.OutputModalities, "response.output_modalities"); err != nil {
			return nil, asWrong(err)
		}
		r.mode = p.OutputModalities[0]
	}
	if p.Instructions != nil {
		r.told = *p.Instructions
	}
	if p.Tools != nil {
		if err := s.checkTools(p.Tools, "response.tools"); err != nil {
			return nil, asWrong(err)
		}
		r.tools = p.Tools
	}
	if p.ToolChoice != nil {
		r.choice = *p.ToolChoice
	}
	if p.MaxOutputTokens != nil {
		r.maxTokens = int(*p.MaxOutputTokens)
	}
	if len(p.Metadata) > metadataMost {
		return nil, invalid("response.metadata", fmt.Sprintf("The metadata may have %d entries at most.", metadataMost))
	}
	size := len(r.told)
	for k, v := range p.Metadata {
		size += len(k) + len(v)
	}
	if size > s.limits.Text {
		return nil, invalid("response", fmt.Sprintf("Instructions and metadata may have %d bytes at most.", s.limits.Text))
	}
	if p.Audio != nil && p.Audio.Output != nil {
		if wrong := s.changeOutput(r, *p.Audio.Output); wrong != nil {
			return nil, wrong
		}
	}
	if r.choice.Name != "" && !slices.ContainsFunc(r.tools, func(t protocol.Tool) bool { return t.Name == r.choice.Name }) {
		return nil, invalid("response.tool_choice", fmt.Sprintf("There is no tool %.64q to choose.", r.choice.Name))
	}
	return r, s.readInput(r, p.Input)
}

// changeOutput is what a response sounds like where it differs from the session.
func (s *session) changeOutput(r *response, out protocol.AudioOutput) *protocol.Error {
	if out.Voice != "" && out.Voice != r.out.Voice && s.spoke && !r.beside {
		return &protocol.Error{
			Type: protocol.InvalidRequest, Code: codeVoiceFrozen, Param: "response.audio.output.voice",
			Message: "The voice cannot be changed once the assistant has spoken.",
		}
	}
	if out.Voice != "" {
		r.out.Voice = out.Voice
	}
	if out.Format != nil {
		r.out.Format = out.Format
	}
	if out.Speed != nil {
		r.out.Speed = out.Speed
	}
	return asWrong(checkOutput(&r.out, "response.audio.output"))
}

// readInput takes what a response is to answer instead of the conversation.
func (s *session) readInput(r *response, input []protocol.Item) *protocol.Error {
	if len(input) > s.limits.Items {
		return invalid("response.input", fmt.Sprintf("The input may have %d items at most.", s.limits.Items))
	}
	size := 0
	for n, in := range input {
		var one *item
		if in.Type == itemReference {
			at := s.items.index(in.ID)
			if at < 0 {
				return &protocol.Error{
					Type: protocol.InvalidRequest, Code: protocol.CodeUnknownItem, Param: fmt.Sprintf("response.input[%d].id", n),
					Message: fmt.Sprintf("There is no item %.80q in the conversation.", in.ID),
				}
			}
			one = s.items.list[at]
		} else {
			read, sound, wrong := s.read(in)
			if wrong != nil {
				wrong.Param = strings.Replace(wrong.Param, "item", fmt.Sprintf("response.input[%d]", n), 1)
				return wrong
			}
			if sound != nil {
				return invalid(fmt.Sprintf("response.input[%d]", n), "Sound can only be answered as an item of the conversation; give its transcript.")
			}
			one = read
			one.at = time.Now()
		}
		if size += one.size(); size > s.limits.Text {
			return invalid("response.input", fmt.Sprintf("The input may have %d bytes at most.", s.limits.Text))
		}
		r.input = append(r.input, one)
	}
	return nil
}

// asWrong is err as what a client is told; nil for nil.
func asWrong(err error) *protocol.Error {
	wrong, _ := err.(*protocol.Error) //nolint:errorlint // the checks return nothing else
	return wrong
}

// install makes r a response of the session. It begins when what it answers is known.
func (s *session) install(r *response) {
	r.turnEnd, s.turnEnd = s.turnEnd, time.Time{}
	if r.turnEnd.IsZero() {
		r.turnEnd = time.Now()
	} else {
		r.times.Transcript = toMS(s.turnHeard)
	}
	s.turnHeard = 0
	s.idle.Stop()
	s.responses = append(s.responses, r)
	if !s.waits(r) {
		s.annotate(r)
	}
	s.send(protocol.ServerEvent{Type: protocol.ResponseCreated, Response: s.wire(r, inProgress, nil)})
	s.proceed()
}

// waits says whether what r answers is not known yet.
func (s *session) waits(r *response) bool {
	if r.hasInput {
		return slices.ContainsFunc(r.input, func(i *item) bool { return i.pending })
	}
	return s.items.unheard()
}

// answers are the items that r answers.
func (s *session) answers(r *response) []*item {
	if r.hasInput {
		return r.input
	}
	return s.items.list
}

// proceed begins the responses whose turn is understood.
func (s *session) proceed() {
	for _, r := range slices.Clone(s.responses) {
		if !r.begun && !r.done && !s.waits(r) {
			s.annotate(r)
			s.start(r, s.answers(r))
		}
	}
}

// pay answers a turn that wants an answer, as soon as nothing is in the way.
func (s *session) pay() {
	if !s.owed || s.active() != nil || s.items.unheard() || s.floor.u != nil && !s.floor.u.tentative {
		return
	}
	s.owed = false
	if s.give() {
		return
	}
	r, wrong := s.newResponse(protocol.ResponseParams{})
	if wrong == nil {
		s.install(r)
	}
}

// request is what the responder is asked for r, which answers a list of items.
func (s *session) request(r *response, list []*item) engine.Request {
	req := requestOf(list, r.told)
	req.Lesson = s.lesson
	if s.backend.Detector != nil && req.Text != "" {
		req.Teaching, _ = s.backend.Detector.Detect(req.Text)
	}
	if r.choice.Mode != "none" {
		for _, t := range r.tools {
			req.Functions = append(req.Functions, engine.Function{Name: t.Name, Description: t.Description, Parameters: t.Parameters})
		}
		switch {
		case len(req.Functions) == 0:
		case r.choice.Name != "":
			req.MustCall = r.choice.Name
		case r.choice.Mode == "required":
			req.MustCall = "any"
		}
	}
	r.used.inText = tokens(req.Instructions)
	for _, i := range list {
		r.used.inText += tokens(i.Words())
		if i.Role == roleUser {
			r.used.inSound += int(i.length / (100 * time.Millisecond))
		}
	}
	return req
}

// wire is the response as it is told.
func (s *session) wire(r *response, status string, details *protocol.StatusDetails) *protocol.Response {
	most := protocol.MaxTokens(r.maxTokens)
	told := &protocol.Response{
		ID: r.id, Object: "realtime.response", Status: status, StatusDetails: details, Output: []protocol.Item{},
		OutputModalities: []string{r.mode}, Audio: &protocol.Audio{Output: &r.out}, Metadata: r.metadata, MaxOutputTokens: &most,
	}
	if !r.beside {
		told.ConversationID = &s.conversation
	}
	for _, i := range r.outputs {
		told.Output = append(told.Output, *i.wire())
	}
	return told
}
