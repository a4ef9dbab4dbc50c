namespace SigmaComms.Actors.TestKit.Simulation;

/// <summary>
/// Something reached a simulation from another thread than its own, so that its order is not the simulation's any
/// more: work on the thread pool, a real timer, a real file.
/// </summary>
public sealed class ForeignThreadException : Exception
{
    /// <summary>Without a message.</summary>
    public ForeignThreadException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">Who was reached.</param>
    public ForeignThreadException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">Who was reached.</param>
    /// <param name="innerException">The cause.</param>
    public ForeignThreadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
