// Package mcp has the tools of tool servers: programs that are started, or addresses,
// which speak the Model Context Protocol (https://modelcontextprotocol.io).
//
// In: which servers, and calls by a tool's name with JSON arguments. Out: the tools
// there are at the moment, and each call's result as text. Servers are kept going
// beside the conversation; one that is absent, hangs or dies costs its tools and
// nothing else. What servers say is bounded and cleaned, and is not trusted: whether a
// tool changes something is the server's own word, and where it says nothing, it does.
//
// It imports nothing of ours; cmd/parley makes the language model's tools of it.
package mcp
