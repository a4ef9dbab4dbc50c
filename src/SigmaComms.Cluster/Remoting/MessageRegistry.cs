using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// What may travel between actors of two nodes: permanent numbers and versions with their codecs. No name of a type
/// ever travels. Fill it before the node starts; then it is sealed.
/// </summary>
public sealed class MessageRegistry
{
    /// <summary>The most bytes of one encoded message: 47 KiB.</summary>
    public const int MessageBytesMax = LinkLimits.ActorPayloadBytes;

    private readonly Dictionary<(uint Id, byte Version), RegisteredMessage> _byNumber = [];
    private readonly Dictionary<Type, RegisteredMessage> _newest = [];
    private bool _sealed;

    /// <summary>Adds one version of one kind of message. The greatest version is the one that is sent.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="id">The permanent number, not 0; it is never used again for another message.</param>
    /// <param name="version">The version of its fields, not 0.</param>
    /// <param name="codec">Its encoding.</param>
    /// <param name="lane">Which lane carries it: bulk, or control for few and small ones that must not wait.</param>
    /// <exception cref="ArgumentException">The number belongs to another message, or is there already.</exception>
    /// <exception cref="InvalidOperationException">The registry is in use.</exception>
    public void Register<T>(uint id, byte version, IMessageCodec<T> codec, Lane lane = Lane.Bulk)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentOutOfRangeException.ThrowIfZero(id);
        ArgumentOutOfRangeException.ThrowIfZero(version);
        if (lane is not (Lane.Bulk or Lane.Control))
        {
            throw new ArgumentException($"Messages between actors do not travel on the lane {lane}.", nameof(lane));
        }

        if (_sealed)
        {
            throw new InvalidOperationException("Messages are registered before the node starts.");
        }

        if (_byNumber.ContainsKey((id, version)))
        {
            throw new ArgumentException($"Message {id} version {version} is registered already.", nameof(id));
        }

        if (_byNumber.FirstOrDefault(pair => pair.Key.Id == id && pair.Value.Type != typeof(T)).Value is { } other)
        {
            throw new ArgumentException($"Message {id} is {other.Type.Name}, not {typeof(T).Name}.", nameof(id));
        }

        RegisteredMessage? newest = _newest.GetValueOrDefault(typeof(T));
        if (newest is not null && newest.Id != id)
        {
            throw new ArgumentException($"{typeof(T).Name} has the number {newest.Id}.", nameof(id));
        }

        var entry = new RegisteredMessage.Of<T>(codec) { Id = id, Version = version, Lane = lane };
        _byNumber.Add((id, version), entry);
        if (newest is null || newest.Version < version)
        {
            _newest[typeof(T)] = entry;
        }
    }

    /// <summary>Nothing is added any more.</summary>
    internal void Seal() => _sealed = true;

    /// <summary>How a message is encoded, or null if it may not travel.</summary>
    internal RegisteredMessage? Find(object message) => _newest.GetValueOrDefault(message.GetType());

    /// <summary>Reads a message from untrusted bytes. Never throws.</summary>
    /// <param name="id">The number.</param>
    /// <param name="version">The version.</param>
    /// <param name="payload">The fields.</param>
    /// <param name="actors">Reads references to actors.</param>
    /// <param name="message">The message, if it is one.</param>
    /// <returns>Null if the message was read, or why not.</returns>
    internal ActorRefusal? TryRead(
        uint id, byte version, ReadOnlySpan<byte> payload, IActorPointers actors, out object? message)
    {
        message = null;
        if (!_byNumber.TryGetValue((id, version), out RegisteredMessage? entry))
        {
            return _byNumber.Keys.Any(key => key.Id == id) ? ActorRefusal.UnknownVersion : ActorRefusal.UnknownMessage;
        }

        var reader = new WireReader(payload);
        object? read = payload.Length > MessageBytesMax ? null : entry.TryRead(ref reader, actors);
        if (read is null || reader.Failed || !reader.AtEnd)
        {
            return ActorRefusal.Malformed;
        }

        message = read;
        return null;
    }
}
