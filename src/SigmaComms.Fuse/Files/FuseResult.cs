namespace SigmaComms.Fuse.Files;

/// <summary>A value, or the error that stands for it.</summary>
/// <typeparam name="T">What an operation answers.</typeparam>
public readonly struct FuseResult<T>
    where T : struct
{
    /// <summary>Success.</summary>
    public FuseResult(T value) => Value = value;

    /// <summary>Failure.</summary>
    public FuseResult(Errno error) => Error = error;

    /// <summary>The value; nothing of use if there is an error.</summary>
    public T Value { get; }

    /// <summary>The error, or none.</summary>
    public Errno Error { get; }

    /// <summary>Success.</summary>
    public static implicit operator FuseResult<T>(T value) => new(value);

    /// <summary>Failure.</summary>
    public static implicit operator FuseResult<T>(Errno error) => new(error);

    /// <summary>Success or failure as a finished task, which is answered at once.</summary>
    public ValueTask<FuseResult<T>> AsTask() => new(this);
}
