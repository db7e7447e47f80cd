"""What a page asks of the server of the live explorer, and what it is answered."""

import contextlib
import http.client
import json

WAIT = 60.0                    # seconds; the machine may be busy


def request(server, method, path, body=None, **headers):
    """(status, headers, body) of a request; headers replace those of the page, None leaves one out."""
    usual = {"Host": server.host, "Cookie": f"{server.cookie}={server.token}", "Origin": f"http://{server.host}"}
    usual |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=WAIT)
    with contextlib.closing(connection):
        connection.putrequest(method, path, skip_host=True)
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        for name, value in usual.items():
            if value is not None:
                connection.putheader(name, value)
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def question(server, tab="one", number=1, **changed):
    """What a page asks for: the opened scenario, with some controls elsewhere."""
    controls = server.session.content(0)["controls"]
    values = {one["name"]: one["value"] for one in controls} | changed
    return {"tab": tab, "number": number, "values": values, "scenario": 0}


def ask(server, **given):
    status, _headers, body = request(server, "POST", "/ask", question(server, **given))
    assert status == 200
    return json.loads(body)


def events(server, tab, number):
    """[(kind, what is said)] of a stream, to its end."""
    _status, _headers, body = request(server, "GET", f"/answers?tab={tab}&number={number}")
    blocks = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
              for block in body.decode().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]
