using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Reads one element of a list.</summary>
internal delegate T LinkPartReader<out T>(ref WireReader reader);
