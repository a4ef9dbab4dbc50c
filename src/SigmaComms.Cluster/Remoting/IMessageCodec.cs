using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Remoting;

/// <summary>The encoding of one version of one kind of message between actors.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IMessageCodec<T>
    where T : notnull
{
    /// <summary>Appends the message's fields.</summary>
    /// <param name="message">The message.</param>
    /// <param name="writer">Where.</param>
    /// <param name="actors">Writes references to actors.</param>
    void Write(T message, WireWriter writer, IActorPointers actors);

    /// <summary>
    /// Reads the message's fields from untrusted bytes. It never throws: for bytes that are no message it fails the
    /// reader, and what it returns does not count. The caller checks that nothing is left.
    /// </summary>
    /// <param name="reader">The bytes.</param>
    /// <param name="actors">Reads references to actors.</param>
    T? Read(ref WireReader reader, IActorPointers actors);
}
