package main

import (
	"crypto/tls"
	"fmt"
	"sync/atomic"
)

// certificate is one that is read again when it was renewed.
type certificate struct {
	cert, key string
	now       atomic.Pointer[tls.Certificate]
}

// openCertificate reads a certificate and its key.
func openCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	return c, c.reload()
}

// reload reads the files again. After an error the certificate is as it was.
func (c *certificate) reload() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("--tls-cert %s and --tls-key %s: %w", c.cert, c.key, err)
	}
	c.now.Store(&pair)
	return nil
}

// config is for a server.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.now.Load(), nil },
	}
}
