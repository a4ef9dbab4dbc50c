namespace SigmaComms.Actors.Streams;

/// <summary>The actor that a stream was sent to did not take an element.</summary>
public sealed class StreamTargetException : Exception
{
    /// <summary>Without a message.</summary>
    public StreamTargetException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">Which actor it is and what it said.</param>
    public StreamTargetException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">Which actor it is and what it said.</param>
    /// <param name="innerException">The cause.</param>
    public StreamTargetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal StreamTargetException(IActorRef target, SendResult result)
        : this($"{target.Path} did not take an element: {result}.") => Result = result;

    /// <summary>What became of the element.</summary>
    public SendResult Result { get; }
}
