package provider

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// userOf returns the user who opened a TCP connection over IPv4 from this machine.
// https://docs.kernel.org/networking/proc_net_tcp.html
func userOf(conn net.Conn) (int, error) {
	from, err := rowName(conn.RemoteAddr())
	if err != nil {
		return 0, err
	}
	to, err := rowName(conn.LocalAddr())
	if err != nil {
		return 0, err
	}
	file, err := os.Open("/proc/net/tcp")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	rows := bufio.NewScanner(file)
	for rows.Scan() {
		// The columns: number, local address, remote address, state, queues, timer, retransmissions, user.
		if columns := strings.Fields(rows.Text()); len(columns) > 7 && columns[1] == from && columns[2] == to {
			return strconv.Atoi(columns[7])
		}
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return 0, fmt.Errorf("no such connection in %s", file.Name())
}

// rowName returns an address as the table of connections has it: the bytes of the IPv4 address in the machine's order,
// and the port, as hexadecimal numbers.
func rowName(address net.Addr) (string, error) {
	parsed, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return "", err
	}
	ip := parsed.Addr().Unmap()
	if !ip.Is4() {
		return "", fmt.Errorf("%s: want an IPv4 address", address)
	}
	bytes := ip.As4()
	return fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(bytes[:]), parsed.Port()), nil
}
