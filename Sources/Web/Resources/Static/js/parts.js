// A large file goes up in parts that the server keeps, so that a lost line costs one part. The server says where to go on: after a
// pause, after this page was loaded anew and the same file chosen again, or after the answer to a part was lost.
// POST place { csrf, size, name } → { ticket, href, part }; GET href → { offset };
// POST href with the bytes and the headers Upload-Ticket, Upload-Offset → { offset }, 409 where the bytes do not follow.

/** Files up to this size go in one piece. */
export const PART = 1024 * 1024

/** The line is lost, or the server asks to wait so many seconds. */
export class Lost extends Error {
    constructor(seconds = 0) { super("lost"); this.seconds = seconds }
}

/** The server said no: `status` and problem+json `reply`. */
export class Refused extends Error {
    constructor(status, reply) { super(reply.detail ?? String(status)); this.status = status; this.reply = reply }
}

/** Sends a request and answers its JSON; `progress` is told the bytes sent. */
export function send(method, url, body, headers = {}, progress = () => {}) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open(method, url)
        request.setRequestHeader("Accept", "application/json")
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
        request.responseType = "json"
        request.upload.onprogress = event => progress(event.loaded, event.total)
        request.onload = () => {
            const { status, response } = request
            if (status >= 200 && status < 300) return resolve(response ?? {})
            if (status === 429 || (status >= 502 && status <= 504)) return reject(new Lost(Number(request.getResponseHeader("Retry-After")) || 5))
            reject(new Refused(status, response ?? {}))
        }
        request.onerror = request.ontimeout = () => reject(new Lost())
        request.send(body)
    })
}

/** Brings the file to the server, from where it stopped, and answers the ticket to hand it in with. */
export async function bring(file, place, token, progress) {
    const known = memory(file, place)
    let upload = known.read()
    let offset = 0
    if (upload) {
        try {
            offset = (await send("GET", upload.href)).offset
        } catch (error) {
            if (!(error instanceof Refused && error.status === 404)) throw error
            upload = null
        }
    }
    if (!upload) {
        upload = await send("POST", place, new URLSearchParams({ csrf: token(), size: file.size, name: file.name }))
        known.write(upload)
    }
    progress(offset)
    while (offset < file.size) {
        const from = offset
        const headers = {
            "Content-Type": "application/octet-stream", "X-CSRF-Token": token(), "Upload-Ticket": upload.ticket, "Upload-Offset": from,
        }
        try {
            const reply = await send(
                "POST", upload.href, file.slice(from, from + upload.part), headers, sent => progress(Math.min(from + sent, file.size)))
            offset = reply.offset
        } catch (error) {
            if (error instanceof Refused && error.status === 409) offset = error.reply.offset
            else {
                if (error instanceof Refused && [404, 413, 422].includes(error.status) && error.reply.reason !== "web.fault.csrf") known.clear()
                throw error
            }
        }
    }
    return { ticket: upload.ticket, forget: known.clear }
}

/** What this tab remembers of an upload, so that it goes on after the page was loaded anew. */
function memory(file, place) {
    const name = `upload ${place} ${file.name} ${file.size} ${file.lastModified}`
    const quietly = act => { try { return act() } catch { return null } }
    let kept = null
    return {
        read: () => kept ?? quietly(() => JSON.parse(sessionStorage.getItem(name))),
        write(upload) { kept = upload; quietly(() => sessionStorage.setItem(name, JSON.stringify(upload))) },
        clear() { kept = null; quietly(() => sessionStorage.removeItem(name)) },
    }
}
