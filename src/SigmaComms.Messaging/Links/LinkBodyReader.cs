using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Reads the body of one kind of message; the caller checks the reader's end.</summary>
internal delegate LinkMessage LinkBodyReader(ref WireReader reader);
