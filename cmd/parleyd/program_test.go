package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/engine/realtime/guard"
	"parley/engine/realtime/protocol"
)

func TestServe(t *testing.T) {
	p := start(t, nil)
	for path, want := range map[string]string{
		"/healthz": "alive", "/v1/models": "parley-canned", "/metrics": "parleyd_sessions 0", "/openapi.json": `"openapi"`,
	} {
		if status, body := p.get(path, ""); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
	p.ready()
	conn := p.session(nil)
	if _, body := p.get("/metrics", ""); !strings.Contains(body, "parleyd_sessions 1") {
		t.Error("a session is not counted")
	}
	p.signal(syscall.SIGTERM)
	for {
		_, _, err := conn.Read(t.Context())
		if err == nil {
			continue
		}
		if code := websocket.CloseStatus(err); code != protocol.CloseRestart {
			t.Errorf("drained, the session is closed with %v (%v)", code, err)
		}
		break
	}
	if err := p.exits(); err != nil {
		t.Errorf("drained, it ends with %v", err)
	}
}

// What the embedded voice says, the embedded transcriber understands, for several
// at once.
func TestRealEngines(t *testing.T) {
	p := startReal(t, nil, "--transcribers", "2", "--language-model", "none")
	p.ready()
	post := func(path, kind string, body io.Reader) []byte {
		answer, err := http.Post("http://"+p.address+path, kind, body)
		if err != nil {
			t.Error(err)
			return nil
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != 200 {
			t.Errorf("%s: %d %.200s, %v", path, answer.StatusCode, text, err)
		}
		return text
	}
	sound := post("/v1/audio/speech", "application/json", strings.NewReader(`{"model":"parley","voice":"alloy","input":"what time is it","response_format":"wav"}`))
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			var form bytes.Buffer
			w := multipart.NewWriter(&form)
			file, err := w.CreateFormFile("file", "a.wav")
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = file.Write(sound)
			_ = w.WriteField("model", "parley")
			_ = w.Close()
			if text := post("/v1/audio/transcriptions", w.FormDataContentType(), &form); !strings.Contains(string(text), "time") {
				t.Errorf("understood was %s", text)
			}
		})
	}
	all.Wait()
	p.signal(syscall.SIGTERM)
	if err := p.exits(); err != nil {
		t.Error(err)
	}
}

// The default session of a client secret is the session's.
func TestClientSecret(t *testing.T) {
	p := start(t, nil)
	answer, err := http.Post("http://"+p.address+"/v1/realtime/client_secrets", "application/json", strings.NewReader(`{"session":{"type":"realtime","instructions":"Be brief."}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var made struct{ Value string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+p.address+"/v1/realtime", //nolint:bodyclose // see Dial
		&websocket.DialOptions{Subprotocols: []string{"realtime", "openai-insecure-api-key." + made.Value}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	_, text, err := conn.Read(ctx)
	if err != nil || !strings.Contains(string(text), "Be brief.") || conn.Subprotocol() != "realtime" {
		t.Errorf("with %q the session begins with %s, %v", conn.Subprotocol(), text, err)
	}
	if status, _ := p.get("/v1/models", made.Value); status != 403 {
		t.Errorf("the secret elsewhere: %d", status)
	}
}

// The first token closes the door, once the file has been read again.
func TestHangup(t *testing.T) {
	p := start(t, nil)
	secret, err := guard.Add(p.tokens, "phone")
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := p.get("/v1/models", ""); status != 200 {
		t.Errorf("before the file is read again: %d", status)
	}
	p.signal(syscall.SIGHUP)
	p.says("read again")
	if status, _ := p.get("/v1/models", ""); status != 401 {
		t.Errorf("without the token: %d", status)
	}
	if status, _ := p.get("/metrics", ""); status != 401 {
		t.Errorf("metrics without the token: %d", status)
	}
	if status, _ := p.get("/v1/models", secret); status != 200 {
		t.Errorf("with the token: %d", status)
	}
}

// What would be open to others does not start.
func TestRefusesToStart(t *testing.T) {
	for _, c := range []struct {
		args []string
		env  string
		says string
	}{
		{[]string{"--listen", "0.0.0.0:0"}, "", "token add"},
		{[]string{"--behind-proxy"}, "PORT=0", "token add"},
	} {
		cmd := exec.CommandContext(t.Context(), program, append([]string{"serve", "--canned", "--tokens", filepath.Join(t.TempDir(), "none")}, c.args...)...)
		cmd.Env = append(os.Environ(), c.env)
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != exitFail || !strings.Contains(string(out), c.says) {
			t.Errorf("%q: %v\n%s", c.args, err, out)
		}
	}
}

// A host that gives a port and keeps no files.
func TestHosted(t *testing.T) {
	token, secret, err := guard.NewToken("hosted")
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, []string{"PORT=0", "PARLEYD_TOKENS=" + token.String(), "RENDER_EXTERNAL_HOSTNAME=voice.example"}, "--behind-proxy", "--listen", "0.0.0.0:0")
	_, port, err := net.SplitHostPort(p.address)
	if err != nil {
		t.Fatal(err)
	}
	p.address = net.JoinHostPort("127.0.0.1", port)
	if status, _ := p.get("/v1/models", ""); status != 401 {
		t.Errorf("without the token: %d", status)
	}
	if status, _ := p.get("/v1/models", secret); status != 200 {
		t.Errorf("with the token: %d", status)
	}
	for host, want := range map[string]int{"voice.example": 200, "evil.example": 403} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+p.address+"/v1/models", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.Header.Set("api-key", secret)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("as %s: %d", host, answer.StatusCode)
		}
	}
}

// slowRequest is one whose body does not come.
func (p *running) slowRequest() {
	p.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(p.t.Context(), "tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, "POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"); err != nil {
		p.t.Fatal(err)
	}
	// It is being read when the server asks for the body.
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		p.t.Fatalf("%q, %v", line, err)
	}
}

func TestDrainHasALimit(t *testing.T) {
	p := start(t, nil, "--drain", "100ms")
	p.slowRequest()
	p.signal(syscall.SIGTERM)
	if err := p.exits(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

func TestSecondSignal(t *testing.T) {
	p := start(t, nil, "--drain", "1h")
	p.slowRequest()
	p.signal(syscall.SIGTERM)
	p.says("draining")
	p.signal(syscall.SIGTERM)
	if err := p.exits(); p.cmd.ProcessState.ExitCode() != exitFail {
		t.Errorf("it ends with %v", err)
	}
}

// certify writes a certificate for 127.0.0.1.
func certify(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "parleyd"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(cert, public, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(public)
	return cert, key, pool
}

func TestTLS(t *testing.T) {
	cert, key, pool := certify(t)
	p := start(t, nil, "--tls-cert", cert, "--tls-key", key)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	answer, err := client.Get("https://" + p.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "wss://"+p.address+"/v1/realtime", &websocket.DialOptions{HTTPClient: client}) //nolint:bodyclose // see Dial
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.Read(ctx); err != nil {
		t.Error(err)
	}
	_ = conn.CloseNow()
	p.signal(syscall.SIGHUP)
	p.says("read again")
}

// Metrics beside the other routes are not among them.
func TestMetricsListen(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	beside := l.Addr().String()
	l.Close()
	p := start(t, nil, "--metrics-listen", beside)
	if status, _ := p.get("/metrics", ""); status != 404 {
		t.Errorf("metrics among the other routes: %d", status)
	}
	p.address = beside
	if status, body := p.get("/metrics", ""); status != 200 || !strings.Contains(body, "parleyd_turn_latency_seconds_bucket") {
		t.Errorf("metrics: %d %.100s", status, body)
	}
}

// `parleyd load` against it: every session is there, and answered.
func TestLoad(t *testing.T) {
	p := start(t, nil)
	cmd := exec.CommandContext(t.Context(), program, "load", "--url", "ws://"+p.address+"/v1/realtime", "--sessions", "3", "--seconds", "8", "--json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Sessions, Frames, Answers, Errors int
		Cut                               int `json:"sessions_cut"`
		Server                            map[string]float64
	}
	if err := json.Unmarshal(out, &r); err != nil || r.Sessions != 3 || r.Frames == 0 || r.Answers == 0 || r.Errors != 0 || r.Cut != 0 || r.Server["resident_idle_mb"] == 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
