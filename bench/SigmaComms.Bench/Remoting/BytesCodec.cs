using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Bench.Remoting;

/// <summary>A message that is nothing but bytes.</summary>
internal sealed class BytesCodec : IMessageCodec<byte[]>
{
    public void Write(byte[] message, WireWriter writer, IActorPointers actors) => writer.Opaque24(message);

    public byte[] Read(ref WireReader reader, IActorPointers actors) =>
        reader.Opaque24(MessageRegistry.MessageBytesMax).ToArray();
}
