using System.Text;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>One word between the actors of two nodes.</summary>
public abstract record ActorItem
{
    private ActorItem()
    {
    }

    /// <summary>Bytes of the word on the wire, its kind included.</summary>
    public abstract int SizeBytes { get; }

    private protected abstract byte Kind { get; }

    private protected abstract void WriteFields(WireWriter writer);

    internal void Write(WireWriter writer)
    {
        writer.U8(Kind);
        WriteFields(writer);
    }

    internal static ActorItem Read(ref WireReader reader)
    {
        switch (reader.U8())
        {
            case 1:
                return new Sent(
                    reader.U64(),
                    reader.U64(),
                    ActorPointer.Read(ref reader),
                    reader.U32(),
                    reader.U8(),
                    reader.Opaque24(LinkLimits.ActorPayloadBytes).ToArray());
            case 2:
                return new NotTaken(reader.U64(), LinkWire.Enum<ActorRefusal>(ref reader));
            case 3:
                return new Resolve(reader.U64(), LinkWire.Text(ref reader, LinkLimits.NameBytes));
            case 4:
                return new Resolved(reader.U64(), reader.U64());
            case 5:
                return new Step(reader.U64(), LinkWire.Enum<ActorStep>(ref reader), reader.U64());
            case 6:
                return new StepsTaken(reader.U64());
            default:
                reader.Fail();
                return new StepsTaken(0);
        }
    }

    /// <summary>A message to an actor.</summary>
    /// <param name="Number">Counts the sending node's messages to this peer, so that a refusal can name it.</param>
    /// <param name="To">The receiving node's number of the actor.</param>
    /// <param name="Sender">Who gets the answer.</param>
    /// <param name="MessageId">The permanent number of the message's kind.</param>
    /// <param name="Version">The version of its fields.</param>
    /// <param name="Payload">Its fields.</param>
    public sealed record Sent(
        ulong Number,
        ulong To,
        ActorPointer Sender,
        uint MessageId,
        byte Version,
        ReadOnlyMemory<byte> Payload) : ActorItem
    {
        /// <summary>The most bytes around a payload.</summary>
        public const int OverheadBytes = 34;

        /// <inheritdoc/>
        public override int SizeBytes => OverheadBytes + Payload.Length;

        private protected override byte Kind => 1;

        private protected override void WriteFields(WireWriter writer)
        {
            writer.U64(Number).U64(To);
            Sender.Write(writer);
            writer.U32(MessageId).U8(Version).Opaque24(Payload.Span);
        }
    }

    /// <summary>A message was not taken; to its sender's node it becomes a dead letter.</summary>
    /// <param name="Number">The message.</param>
    /// <param name="Reason">Why.</param>
    public sealed record NotTaken(ulong Number, ActorRefusal Reason) : ActorItem
    {
        /// <inheritdoc/>
        public override int SizeBytes => 10;

        private protected override byte Kind => 2;

        private protected override void WriteFields(WireWriter writer) => writer.U64(Number).U8((byte)Reason);
    }

    /// <summary>Asks for the actor behind a registered name.</summary>
    /// <param name="Number">Joins the answer to it.</param>
    /// <param name="Name">The name.</param>
    public sealed record Resolve(ulong Number, string Name) : ActorItem
    {
        /// <inheritdoc/>
        public override int SizeBytes => 11 + Encoding.UTF8.GetByteCount(Name);

        private protected override byte Kind => 3;

        private protected override void WriteFields(WireWriter writer)
        {
            writer.U64(Number);
            LinkWire.Write(writer, Name);
        }
    }

    /// <summary>The answer to a <see cref="Resolve"/>.</summary>
    /// <param name="Number">The question.</param>
    /// <param name="Actor">The sending node's number of the actor; 0 if there is none for the asking node.</param>
    public sealed record Resolved(ulong Number, ulong Actor) : ActorItem
    {
        /// <inheritdoc/>
        public override int SizeBytes => 17;

        private protected override byte Kind => 4;

        private protected override void WriteFields(WireWriter writer) => writer.U64(Number).U64(Actor);
    }

    /// <summary>A word that must not be lost or doubled; it is sent again until it is acknowledged.</summary>
    /// <param name="Sequence">Counts up by one from 1 within both processes' lives.</param>
    /// <param name="What">What.</param>
    /// <param name="Actor">Which actor, by its owner's number.</param>
    public sealed record Step(ulong Sequence, ActorStep What, ulong Actor) : ActorItem
    {
        /// <inheritdoc/>
        public override int SizeBytes => 18;

        private protected override byte Kind => 5;

        private protected override void WriteFields(WireWriter writer) =>
            writer.U64(Sequence).U8((byte)What).U64(Actor);
    }

    /// <summary>Acknowledges all steps up to one.</summary>
    /// <param name="Sequence">The last step that was taken; 0 for none.</param>
    public sealed record StepsTaken(ulong Sequence) : ActorItem
    {
        /// <inheritdoc/>
        public override int SizeBytes => 9;

        private protected override byte Kind => 6;

        private protected override void WriteFields(WireWriter writer) => writer.U64(Sequence);
    }
}
