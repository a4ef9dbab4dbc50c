using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Tests.Remoting;

internal sealed class NumberCodec : IMessageCodec<long>
{
    public void Write(long message, WireWriter writer, IActorPointers actors) => writer.U64(unchecked((ulong)message));

    public long Read(ref WireReader reader, IActorPointers actors) => unchecked((long)reader.U64());
}
