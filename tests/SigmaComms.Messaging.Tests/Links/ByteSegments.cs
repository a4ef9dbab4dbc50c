using System.Buffers;

namespace SigmaComms.Messaging.Tests.Links;

/// <summary>A sequence of one-byte segments: what the worst network delivers.</summary>
internal sealed class ByteSegments : ReadOnlySequenceSegment<byte>
{
    private ByteSegments(byte value, long index)
    {
        Memory = new[] { value };
        RunningIndex = index;
    }

    public static ReadOnlySequence<byte> Of(byte[] bytes)
    {
        var first = new ByteSegments(bytes[0], 0);
        ByteSegments last = first;
        for (int i = 1; i < bytes.Length; i++)
        {
            var next = new ByteSegments(bytes[i], i);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }
}
