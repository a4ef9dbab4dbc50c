using System.Text;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Tests.Remoting;

internal sealed class NoteCodec : IMessageCodec<Note>
{
    public void Write(Note message, WireWriter writer, IActorPointers actors)
    {
        writer.Opaque24(Encoding.UTF8.GetBytes(message.Text));
        actors.Write(writer, message.Actor);
    }

    public Note? Read(ref WireReader reader, IActorPointers actors)
    {
        string text = Encoding.UTF8.GetString(reader.Opaque24(MessageRegistry.MessageBytesMax));
        return new Note(text, actors.Read(ref reader));
    }
}
